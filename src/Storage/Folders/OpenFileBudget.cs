using System.Globalization;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Folders;

/// <summary>How many files the logs of a disk keep open, out of those that the system lets the process have.</summary>
internal static class OpenFileBudget
{
    /// <summary>The setting, as the broker has it.</summary>
    public const string Setting = "moldau.log.open.files";

    /// <summary>Fewer are no use: each log that is being written to keeps one.</summary>
    private const long Least = 64;

    /// <param name="disk">Knows the setting.</param>
    /// <param name="path">The data folder.</param>
    /// <param name="given">What to take for the system's limit; null to ask the system, where the disk is the real one.</param>
    /// <param name="warning">Where the logs may have fewer than the setting says.</param>
    /// <returns>How many they may have.</returns>
    /// <exception cref="DiskException">The limit is too low to start with.</exception>
    public static long Fit(LogDisk disk, string path, long? given, out string? warning)
    {
        warning = null;
        var wanted = disk.OpenFiles.Limit;
        var limit = given ?? (((disk.Files as WatchedFileSystem)?.Disk ?? disk.Files) is DiskFileSystem ? NativeDisk.OpenFileLimit() : null);
        // A quarter is for connections and whatever else the process opens.
        var room = limit is { } known ? known - known / 4 : long.MaxValue;
        if (wanted <= room) return wanted;
        const string advice = "raise it with ulimit -n, with LimitNOFILE= of the systemd unit, or with --ulimit nofile= of the container";
        var problem = string.Create(CultureInfo.InvariantCulture, $"{Setting} is {wanted}, but the system lets this process have {limit} files open (RLIMIT_NOFILE)");
        if (room < Least) throw new DiskException(DiskFault.Denied, "open", path, $"{problem}, too few to serve logs: {advice}");
        warning = string.Create(CultureInfo.InvariantCulture, $"{problem}: the logs keep {room} open at most; {advice}, or lower {Setting}");
        return room;
    }
}
