; The kiosk puts itself among what starts with Windows (desktop/main/system.ts); an update keeps that, a removal does not.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "Kopilka"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "Kopilka"
  ${endIf}
!macroend
