; The kiosk puts itself among what starts with Windows (desktop/main/system.ts), and its updates lie in a folder of their own
; (updaterCacheDirName of app-update.yml). An update keeps both, a removal does not. The journal always stays.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "Kopilka"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "Kopilka"
    RMDir /r "$LOCALAPPDATA\kopilka-updater"
  ${endIf}
!macroend
