// In the place of Electron's program: runs the packaged kiosk in Windows' Node (shell.ts), with its output in a file.
#include <windows.h>
#include <stdio.h>

#define LONGEST 4096

// Where Electron keeps its fuses, all eight as they are when it is published; npm run package sets them here.
__attribute__((used)) volatile const char fuses[] = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x08" "10110001";

int WINAPI wWinMain(HINSTANCE instance, HINSTANCE before, LPWSTR arguments, int show) {
  static wchar_t self[LONGEST], node[LONGEST], shell[LONGEST], log[LONGEST], line[4 * LONGEST];
  if (fuses[0] == 0) return 97;
  GetModuleFileNameW(NULL, self, LONGEST);
  if (!GetEnvironmentVariableW(L"KOPILKA_NODE", node, LONGEST)) return 98;
  if (!GetEnvironmentVariableW(L"KOPILKA_SHELL", shell, LONGEST)) return 98;
  GetEnvironmentVariableW(L"APPDATA", log, LONGEST - 32);
  wcscat(log, L"\\kopilka-output.log");

  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  HANDLE output = CreateFileW(log, FILE_APPEND_DATA, 7, &inherited, OPEN_ALWAYS, 0, NULL);
  HANDLE nothing = CreateFileW(L"NUL", GENERIC_READ, 7, &inherited, OPEN_EXISTING, 0, NULL);
  swprintf(line, 4 * LONGEST, L"\"%ls\" \"%ls\" \"%ls\" %ls", node, shell, self, arguments);
  STARTUPINFOW how = {sizeof how};
  how.dwFlags = STARTF_USESTDHANDLES;
  how.hStdInput = nothing;
  how.hStdOutput = how.hStdError = output;
  PROCESS_INFORMATION started;
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_NO_WINDOW, NULL, NULL, &how, &started)) return 99;
  DWORD code = 99;
  WaitForSingleObject(started.hProcess, INFINITE);
  GetExitCodeProcess(started.hProcess, &code);
  return (int)code;
}
