using System.Diagnostics;
using Moldau.Host.Commands.Doctor.Facts;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;

namespace Moldau.Host.Commands.Doctor.Reading;

/// <summary>Looks at a data folder, and measures its disk. Leaves nothing behind, and touches nothing that is there.</summary>
internal sealed class FolderReader(MountTable mounts, int? node)
{
    private const int Flushes = 16;
    private const int FlushBytes = 4096;

    public FolderFacts Read(string path)
    {
        var whole = Path.GetFullPath(path);
        var exists = Directory.Exists(whole);
        var existing = whole;
        // What is not there yet is made on the disk of what is.
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent) existing = parent;
        var (flush, problem) = Measure(existing);
        var (cluster, identity) = exists ? Identify(whole) : (null, null);
        var mount = mounts.Find(existing);
        var (total, free) = Space(existing);
        return new FolderFacts
        {
            Path = path,
            Exists = exists,
            User = Environment.UserName,
            AccessProblem = problem,
            IdentityProblem = identity,
            Cluster = cluster,
            Holder = exists ? Holder(whole) : null,
            FileSystem = mount?.Kind,
            MountOptions = mount?.Options ?? [],
            TotalBytes = total,
            FreeBytes = free,
            Flush = flush,
        };
    }

    private (string? Cluster, string? Problem) Identify(string folder)
    {
        var path = Path.Combine(folder, MetaProperties.FileName);
        try
        {
            if (!File.Exists(path)) return (null, null);
            var meta = MetaProperties.Parse(File.ReadAllBytes(path), path);
            if (meta.Format > MetaProperties.CurrentFormat) return (meta.ClusterId, $"{folder} is of format {meta.Format}, and this build knows {MetaProperties.CurrentFormat}");
            return (meta.ClusterId, node is { } wanted && wanted != meta.NodeId ? $"{folder} is node {meta.NodeId}'s, and node.id is {wanted}" : null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DamagedFileException)
        {
            return (null, fault.Message);
        }
    }

    private static string? Holder(string folder)
    {
        try
        {
            return FolderHolder.Find(new DiskFileSystem(), folder);
        }
        catch (DiskException)
        {
            // Whoever may not look is told so by another look.
            return null;
        }
    }

    private static (long? Total, long? Free) Space(string folder)
    {
        try
        {
            var drive = new DriveInfo(folder);
            return (drive.TotalSize, drive.AvailableFreeSpace);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, null);
        }
    }

    private static (TimeSpan? Flush, string? Problem) Measure(string folder)
    {
        var path = Path.Combine(folder, $".moldau-doctor-{Guid.NewGuid():N}");
        try
        {
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose);
            var bytes = new byte[FlushBytes];
            var times = new List<TimeSpan>(Flushes);
            for (var i = 0; i < Flushes; i++)
            {
                var began = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, bytes, (long)i * FlushBytes);
                RandomAccess.FlushToDisk(file);
                times.Add(Stopwatch.GetElapsedTime(began));
            }

            times.Sort();
            return (times[Flushes / 2], null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return (null, fault.Message.Replace(path, folder, StringComparison.Ordinal));
        }
    }
}
