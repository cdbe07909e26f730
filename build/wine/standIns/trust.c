// trust.exe <certificate>: from now on this Windows trusts what it has signed, as a real one trusts the authorities it knows.
#include <windows.h>
#include <stdio.h>
#include <wincrypt.h>

int wmain(int count, wchar_t **arguments) {
  static BYTE bytes[65536];
  FILE *file = count == 2 ? _wfopen(arguments[1], L"rb") : NULL;
  if (!file) return 2;
  DWORD size = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  HCERTSTORE roots = CertOpenSystemStoreW(0, L"Root");
  return CertAddEncodedCertificateToStore(roots, X509_ASN_ENCODING, bytes, size, CERT_STORE_ADD_REPLACE_EXISTING, NULL) &&
                 CertCloseStore(roots, 0)
             ? 0
             : 1;
}
