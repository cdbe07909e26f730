// In the place of the plugins that electron-builder fetches for NSIS: as much of them as a one-click installer for one user calls.
// One source, a library for each: -DSTDUTILS, -DWINSHELL, -DSPIDERBANNER, -DNSPROCESS, -DUAC.
#include <windows.h>
#include <shellapi.h>

typedef struct Stack {
  struct Stack *below;
  WCHAR text[1];
} Stack;

static int room;
static Stack **top;

#define FUNCTION(name)                                                                        \
  static void name##Inside(void);                                                             \
  __declspec(dllexport) void name(HWND window, int size, WCHAR *variables, Stack **stack) {    \
    room = size;                                                                               \
    top = stack;                                                                               \
    name##Inside();                                                                            \
  }                                                                                            \
  static void name##Inside(void)

static WCHAR *newText(void) { return GlobalAlloc(GPTR, room * sizeof(WCHAR)); }

static WCHAR *pop(void) {
  WCHAR *text = newText();
  Stack *entry = *top;
  if (!entry) return text;
  lstrcpynW(text, entry->text, room);
  *top = entry->below;
  GlobalFree(entry);
  return text;
}

static void push(const WCHAR *text) {
  Stack *entry = GlobalAlloc(GPTR, sizeof(Stack) + room * sizeof(WCHAR));
  lstrcpynW(entry->text, text, room);
  entry->below = *top;
  *top = entry;
}

#ifdef STDUTILS
// --name, --name=value or /name among the arguments of this program.
static BOOL findArgument(const WCHAR *name, WCHAR *value) {
  int count, length = lstrlenW(name);
  WCHAR **arguments = CommandLineToArgvW(GetCommandLineW(), &count);
  BOOL isFound = FALSE;
  for (int index = 1; index < count && !isFound; index++) {
    WCHAR *said = arguments[index];
    if (said[0] == '/')
      said += 1;
    else if (said[0] == '-' && said[1] == '-')
      said += 2;
    else
      continue;
    if (lstrlenW(said) < length || (said[length] != 0 && said[length] != '=')) continue;
    WCHAR end = said[length];
    said[length] = 0;
    isFound = lstrcmpiW(said, name) == 0;
    if (isFound && value) lstrcpynW(value, end == '=' ? said + length + 1 : L"", room);
    said[length] = end;
  }
  LocalFree(arguments);
  return isFound;
}

FUNCTION(TestParameter) { push(findArgument(pop(), NULL) ? L"true" : L"false"); }

FUNCTION(GetParameter) {
  WCHAR *otherwise = pop(), *name = pop(), *value = newText();
  push(findArgument(name, value) ? value : otherwise);
}

FUNCTION(GetAllParameters) {
  pop();
  WCHAR *line = GetCommandLineW(), end = *line == '"' ? '"' : ' ';
  if (*line == '"') line++;
  while (*line && *line != end) line++;
  while (*line == '"' || *line == ' ') line++;
  push(line);
}

FUNCTION(GetParentPath) {
  WCHAR *path = pop();
  int length = lstrlenW(path);
  while (length > 0 && path[length - 1] != '\\' && path[length - 1] != '/') length--;
  path[length > 0 ? length - 1 : 0] = 0;
  push(path);
}

FUNCTION(ExecShellAsUser) {
  SHELLEXECUTEINFOW what = {sizeof what};
  WCHAR *arguments = pop(), *verb = pop();
  what.fMask = SEE_MASK_FLAG_NO_UI;
  what.lpFile = pop();
  what.lpVerb = verb[0] ? verb : NULL;
  what.lpParameters = arguments;
  what.nShow = SW_SHOWNORMAL;
  push(ShellExecuteExW(&what) ? L"ok" : L"error");
}
#endif

#ifdef WINSHELL
FUNCTION(SetLnkAUMI) {
  pop();
  pop();
}
FUNCTION(UninstAppUserModelId) { pop(); }
FUNCTION(UninstShortcut) { pop(); }
#endif

#ifdef SPIDERBANNER
FUNCTION(Show) {}
#endif

#ifdef NSPROCESS
// 603: no such process.
FUNCTION(_FindProcess) {
  pop();
  push(L"603");
}
FUNCTION(_KillProcess) {
  pop();
  push(L"603");
}
FUNCTION(_CloseProcess) {
  pop();
  push(L"603");
}
FUNCTION(_Unload) {}
#endif

#ifdef UAC
FUNCTION(_) {
  pop();
  push(L"0");
}
#endif

BOOL WINAPI DllMain(HINSTANCE library, DWORD reason, LPVOID reserved) { return TRUE; }
