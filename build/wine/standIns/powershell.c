// In the place of PowerShell, which Wine has not: answers what electron-updater asks of it, by Windows' own WinVerifyTrust. To all
// other questions it ends with 1, and the installer does without it.
#include <windows.h>
#include <softpub.h>
#include <stdio.h>
#include <wincrypt.h>
#include <wintrust.h>

#define LONGEST 2048
enum { VALID = 0, UNKNOWN = 1, NOT_SIGNED = 2, HASH_MISMATCH = 3 };

static void say(const wchar_t *text) {
  static char bytes[4 * LONGEST];
  DWORD written;
  int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
  WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), bytes, length - 1, &written, NULL);
}

static void saySafely(const wchar_t *text) {
  wchar_t one[3];
  for (; *text; text++) {
    int escaped = *text == L'\\' || *text == L'"';
    one[0] = escaped ? L'\\' : *text;
    one[1] = escaped ? *text : 0;
    one[2] = 0;
    say(one);
  }
}

// What stands between the quotes behind -LiteralPath; a quote in it is doubled.
static BOOL pathIn(const wchar_t *command, wchar_t *path) {
  const wchar_t *at = wcsstr(command, L"-LiteralPath '");
  int length = 0;
  if (!at) return FALSE;
  for (at += wcslen(L"-LiteralPath '"); *at && length < LONGEST - 1; at++) {
    if (*at == L'\'' && *++at != L'\'') break;
    path[length++] = *at;
  }
  path[length] = 0;
  return TRUE;
}

static LONG verify(const wchar_t *path) {
  GUID action = WINTRUST_ACTION_GENERIC_VERIFY_V2;
  WINTRUST_FILE_INFO file = {sizeof file, path};
  WINTRUST_DATA data = {sizeof data};
  data.dwUIChoice = WTD_UI_NONE;
  data.fdwRevocationChecks = WTD_REVOKE_NONE;
  data.dwUnionChoice = WTD_CHOICE_FILE;
  data.pFile = &file;
  data.dwStateAction = WTD_STATEACTION_VERIFY;
  LONG answer = WinVerifyTrust(NULL, &action, &data);
  data.dwStateAction = WTD_STATEACTION_CLOSE;
  WinVerifyTrust(NULL, &action, &data);
  return answer;
}

static BOOL subjectOf(const wchar_t *path, wchar_t *subject) {
  HCERTSTORE store = NULL;
  HCRYPTMSG message = NULL;
  DWORD size = 0;
  if (!CryptQueryObject(CERT_QUERY_OBJECT_FILE, path, CERT_QUERY_CONTENT_FLAG_PKCS7_SIGNED_EMBED,
                        CERT_QUERY_FORMAT_FLAG_BINARY, 0, NULL, NULL, NULL, &store, &message, NULL))
    return FALSE;
  CryptMsgGetParam(message, CMSG_SIGNER_INFO_PARAM, 0, NULL, &size);
  CMSG_SIGNER_INFO *signer = malloc(size);
  CryptMsgGetParam(message, CMSG_SIGNER_INFO_PARAM, 0, signer, &size);
  CERT_INFO wanted = {0};
  wanted.Issuer = signer->Issuer;
  wanted.SerialNumber = signer->SerialNumber;
  PCCERT_CONTEXT found = CertFindCertificateInStore(store, X509_ASN_ENCODING | PKCS_7_ASN_ENCODING, 0,
                                                    CERT_FIND_SUBJECT_CERT, &wanted, NULL);
  if (!found) return FALSE;
  return CertNameToStrW(X509_ASN_ENCODING, &found->pCertInfo->Subject, CERT_X500_NAME_STR | CERT_NAME_STR_REVERSE_FLAG,
                        subject, LONGEST) > 1;
}

int wmain(void) {
  static wchar_t path[LONGEST], subject[LONGEST], rest[LONGEST];
  const wchar_t *command = GetCommandLineW();
  if (wcsstr(command, L"ConvertTo-Json test")) {
    say(L"\"test\"\r\n");
    return 0;
  }
  if (!wcsstr(command, L"Get-AuthenticodeSignature") || !pathIn(command, path)) return 1;
  LONG answer = verify(path);
  int status = answer == 0                           ? VALID
               : answer == (LONG)TRUST_E_NOSIGNATURE ? NOT_SIGNED
               : answer == (LONG)TRUST_E_BAD_DIGEST  ? HASH_MISMATCH
                                                     : UNKNOWN;
  say(L"{\"SignerCertificate\":");
  if (subjectOf(path, subject)) {
    say(L"{\"Subject\":\"");
    saySafely(subject);
    say(L"\"}");
  } else {
    say(L"null");
  }
  swprintf(rest, LONGEST, L",\"Status\":%d,\"StatusMessage\":\"0x%lx\",\"Path\":\"", status, answer);
  say(rest);
  saySafely(path);
  say(L"\"}\r\n");
  return 0;
}
