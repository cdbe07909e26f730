# What this Windows, with this disk and this antivirus, answers where 1C and the kiosk both want a discount.
#   powershell -ExecutionPolicy Bypass -File whoHasIt.ps1 C:\loyalty
#   powershell -ExecutionPolicy Bypass -File whoHasIt.ps1 C:\loyalty -Reading C:\loyalty\share.txt   (while 1C reads that file)
# What the answers mean is in checklist.md. It makes files of its own names only, and removes them.
param([Parameter(Mandatory)] [string] $Folder, [string] $Reading)

Add-Type -TypeDefinition @'
using System;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

public static class Disk {
    [DllImport("kernel32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
    static extern SafeFileHandle CreateFileW(string name, uint access, uint share, IntPtr security, uint how, uint flags, IntPtr template);
    [DllImport("kernel32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
    static extern bool MoveFileExW(string from, string to, uint flags);
    [DllImport("kernel32.dll", SetLastError = true)]
    static extern bool SetFileInformationByHandle(SafeFileHandle file, int kind, IntPtr info, uint size);

    const uint Delete = 0x00010000, ReadAttributes = 0x80, Synchronize = 0x00100000, Read = 0x80000000;
    const uint ShareAll = 7, ShareReadAndWrite = 3, ShareNothing = 0, Existing = 3;

    public static int Error;

    static SafeFileHandle Open(string name, uint access, uint share) {
        SafeFileHandle file = CreateFileW(name, access, share, IntPtr.Zero, Existing, 0, IntPtr.Zero);
        Error = file.IsInvalid ? Marshal.GetLastWin32Error() : 0;
        return file;
    }

    // The first half of DeleteFile and MoveFile.
    public static SafeFileHandle OpenToAct(string name) { return Open(name, Delete | ReadAttributes | Synchronize, ShareAll); }

    static int Try(string name, uint share) {
        using (SafeFileHandle file = Open(name, Read, share)) return Error;
    }

    public static int OpenAlone(string name) { return Try(name, ShareNothing); }
    public static int ReadAsMost(string name) { return Try(name, ShareReadAndWrite); }
    public static int Move(string from, string to) { return MoveFileExW(from, to, 1) ? 0 : Marshal.GetLastWin32Error(); }

    static int Set(SafeFileHandle file, int kind, byte[] info) {
        IntPtr memory = Marshal.AllocHGlobal(info.Length);
        try {
            Marshal.Copy(info, 0, memory, info.Length);
            return SetFileInformationByHandle(file, kind, memory, (uint)info.Length) ? 0 : Marshal.GetLastWin32Error();
        } finally { Marshal.FreeHGlobal(memory); }
    }

    // The second half of DeleteFile: as Windows 10 does it, or else as older ones do.
    public static int DeleteByHandle(SafeFileHandle file) {
        return Set(file, 21, new byte[] { 3, 0, 0, 0 }) == 0 ? 0 : Set(file, 4, new byte[] { 1 });
    }

    // The second half of MoveFile; the names lie where a 64-bit program has them.
    public static int RenameByHandle(SafeFileHandle file, string to) {
        byte[] name = Encoding.Unicode.GetBytes(to);
        byte[] info = new byte[20 + name.Length + 2];
        BitConverter.GetBytes(name.Length).CopyTo(info, 16);
        name.CopyTo(info, 20);
        return Set(file, 3, info);
    }
}
'@

$offer = Join-Path $Folder 'who-has-it.txt'
$own = Join-Path $Folder 'who-has-it.own.tmp'
$taken = Join-Path $Folder 'who-has-it.taken.txt'
$held = 32, 5
$gone = 2
$differences = 0

function Check([string] $What, [int] $Answer, [int[]] $Wanted) {
    $isSo = $Wanted -contains $Answer
    if (-not $isSo) { $script:differences += 1 }
    Write-Host ('{0}  {1}: {2}' -f $(if ($isSo) { 'ok     ' } else { 'DIFFERS' }), $What, $Answer)
}

function Begin {
    Remove-Item $offer, $own, $taken -ErrorAction SilentlyContinue
    [IO.File]::WriteAllText($offer, '250')
}

if ($Reading) {
    $answer = [Disk]::Move($Reading, "$Reading.moved")
    if ($answer -eq 0) { [void] [Disk]::Move("$Reading.moved", $Reading) }
    Check '4. a file that 1C reads cannot be renamed meanwhile' $answer $held
} else {
    foreach ($act in 'deletes', 'renames') {
        Begin
        $file = [Disk]::OpenToAct($offer)
        $ours = [Disk]::Move($offer, $own)
        if ($ours -eq 0) {
            Check "1. 1C $act, has it open; the kiosk renamed it and asks for it alone" ([Disk]::OpenAlone($own)) $held
            $theirs = if ($act -eq 'deletes') { [Disk]::DeleteByHandle($file) } else { [Disk]::RenameByHandle($file, $taken) }
            $file.Close()
            # Where 1C was told that it did it, the file must not be the kiosk's any more.
            $wanted = if ($theirs -eq 0) { $gone } else { 0 }
            Check "2. 1C $act and was answered $theirs; the kiosk asks again" ([Disk]::OpenAlone($own)) $wanted
        } else {
            $file.Close()
            Check "1. 1C $act, has it open; the kiosk cannot rename it, and asks again" $ours $held
        }
    }
    Begin
    $file = [Disk]::OpenToAct($offer)
    $theirs = [Disk]::Move($offer, $taken)
    if ($theirs -eq 0) {
        Check '3. the kiosk has it open; 1C renamed it and reads' ([Disk]::ReadAsMost($taken)) $held
        $ours = [Disk]::RenameByHandle($file, $own)
        $file.Close()
        $wanted = if ($ours -eq 0) { $gone } else { 0 }
        Check "3. the kiosk renamed it and was answered $ours; 1C reads again" ([Disk]::ReadAsMost($taken)) $wanted
    } else {
        $file.Close()
        Check '3. the kiosk has it open; 1C cannot rename it, and tries again' $theirs $held
    }
    Remove-Item $offer, $own, $taken -ErrorAction SilentlyContinue
}
Write-Host $(if ($differences -eq 0) { 'As we rely on.' } else { "$differences answers differ: see checklist.md." })
exit $differences
