using System.Globalization;
using Moldau.Host.Commands.Doctor.Facts;

namespace Moldau.Host.Commands.Doctor.Rules;

/// <summary>What a data folder should be like.</summary>
internal static class FolderRules
{
    private const long LeastFree = 256L * 1024 * 1024;

    private static readonly TimeSpan TooFast = TimeSpan.FromMicroseconds(10);
    private static readonly TimeSpan TooSlow = TimeSpan.FromMilliseconds(50);

    private static readonly string[] InMemory = ["tmpfs", "ramfs", "rootfs"];
    private static readonly string[] OverNetwork = ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs", "virtiofs", "vboxsf"];

    public static IEnumerable<Finding> Access(FolderFacts facts)
    {
        yield return facts.AccessProblem is { } problem
            ? Finding.Fail($"{facts.Path}: {problem}", $"writable for the broker's user; this is {facts.User}", $"chown -R USER: {facts.Path}, or run this as the broker's user: sudo -u USER moldau doctor")
            : Finding.Ok(facts.Exists ? $"{facts.Path} can be written to by {facts.User}" : $"{facts.Path} is not there yet and can be made by {facts.User}");
    }

    public static IEnumerable<Finding> Identity(FolderFacts facts)
    {
        if (facts.IdentityProblem is { } problem)
            yield return Finding.Fail(problem, "this node's and of a format this build knows", "give node.id and the folder that belong together, or a build that knows the format");
        else if (facts.Cluster is { } cluster)
            yield return Finding.Ok($"{facts.Path} belongs to cluster {cluster}");
    }

    public static IEnumerable<Finding> InUse(FolderFacts facts)
    {
        if (facts.Holder is { } holder) yield return Finding.Ok($"{facts.Path} is in use by {holder}");
    }

    public static IEnumerable<Finding> FileSystem(FolderFacts facts)
    {
        if (facts.FileSystem is not { } kind) yield break;
        var what = $"{facts.Path} lies on {kind}";
        if (facts.MountOptions.Any(static option => option is "nobarrier" or "barrier=0"))
            yield return Finding.Fail($"{what}, mounted with {string.Join(',', facts.MountOptions)}", "mounted with barriers: without them a flush promises what the disk does not keep", "remove nobarrier (barrier=0) from the mount's options");
        else if (InMemory.Contains(kind))
            yield return Finding.Warn(what, "a disk: this is memory and gone with the machine", "log.dirs on a disk; moldau dev for a broker that forgets");
        else if (kind is "overlay" or "aufs")
            yield return Finding.Warn(what, "a volume: this is the container's own layer, gone with it and slow", "docker run -v moldau:/var/lib/moldau, or a folder of the host");
        else if (OverNetwork.Contains(kind) || kind.StartsWith("fuse", StringComparison.Ordinal))
            yield return Finding.Warn(what, "a disk of this machine, or a block device: whether a flush reaches a disk is up to whoever serves this", "log.dirs on ext4 or xfs");
        else
            yield return Finding.Ok(what);
    }

    public static IEnumerable<Finding> Space(FolderFacts facts)
    {
        if (facts.FreeBytes is not { } free || facts.TotalBytes is not > 0) yield break;
        var share = (double)free / facts.TotalBytes.Value;
        var what = $"{facts.Path} has {ByteText.Of(free)} free, {ByteText.Share(share)}";
        const string should = "15 % or more: a broker whose disk is full takes the folder offline";
        const string mend = "a larger disk, or less retention: moldau config set topic TOPIC retention.bytes=BYTES";
        yield return share < 0.05 || free < LeastFree ? Finding.Fail(what, should, mend) : share < 0.15 ? Finding.Warn(what, should, mend) : Finding.Ok(what);
    }

    public static IEnumerable<Finding> Flush(FolderFacts facts)
    {
        if (facts.Flush is not { } flush) yield break;
        var what = string.Create(CultureInfo.InvariantCulture, $"{facts.Path}: 4 KiB are on disk after {flush.TotalMilliseconds:0.###} ms");
        if (flush > TooSlow)
            yield return Finding.Warn(what, "below 50 ms: each acknowledged write waits for it", "a faster disk, or one that nothing else writes to");
        else if (flush < TooFast && !InMemory.Contains(facts.FileSystem))
            yield return Finding.Warn(what, "slower: no disk is as fast, so the flush ends in a cache that a loss of power empties", "turn the disk's or the hypervisor's volatile write cache off, or have flushes passed on (cache=none in libvirt)");
        else
            yield return Finding.Ok(what);
    }
}
