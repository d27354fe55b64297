using System.Globalization;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Folders;

/// <summary>Which format of a data folder this build writes, and the steps from older ones to it.</summary>
internal sealed class FolderFormat(int current, IReadOnlyList<FormatStep> steps)
{
    /// <summary>What Kafka writes, where no format is named.</summary>
    private const int Kafka = 0;

    public static FolderFormat Known { get; } = new(
        MetaProperties.CurrentFormat,
        [new FormatStep(Kafka, LeavesWayBack: true, "take over the folder of Apache Kafka", FolderCheckpoints.EnsureFiles)]);

    public int Current { get; } = current;

    /// <exception cref="FolderRefusedException">It is newer, or older and the upgrade was not asked for.</exception>
    public void Check(MetaProperties meta, string path, bool isUpgradeWanted)
    {
        var found = meta.Format ?? Kafka;
        if (found > Current)
        {
            throw new FolderRefusedException(RecoveryRow.W3,
                $"{path}: the folder has format {Name(found)}, this build knows {Name(Current)} at most; nothing was touched: start a build that knows format {Name(found)}");
        }

        if (found == Current || isUpgradeWanted) return;
        throw new FolderRefusedException(RecoveryRow.W4,
            $"{path}: the folder has format {Name(found)}, this build writes {Name(Current)}; {WayBack(found)}; nothing was touched: ask for the upgrade, after a copy of the folder was made");
    }

    /// <summary>
    /// Runs the steps that are missing, each followed by the new format's number in meta.properties: after a crash the
    /// upgrade goes on with the step that was not finished.
    /// </summary>
    public MetaProperties Upgrade(IFileSystem disk, string folder, MetaProperties meta)
    {
        for (var format = meta.Format ?? Kafka; format < Current; format++)
        {
            StepFrom(format).Run(disk, folder);
            meta = meta with { Format = format + 1 };
            meta.Write(disk, Path.Combine(folder, MetaProperties.FileName));
        }

        return meta;
    }

    private FormatStep StepFrom(int format)
    {
        foreach (var step in steps)
        {
            if (step.From == format) return step;
        }

        throw new InvalidOperationException($"no step leads from format {format} to {format + 1}");
    }

    private string WayBack(int from)
    {
        var what = new List<string>();
        var leavesWayBack = true;
        for (var format = from; format < Current; format++)
        {
            var step = StepFrom(format);
            what.Add(step.What);
            leavesWayBack &= step.LeavesWayBack;
        }

        var writer = from == Kafka ? "Kafka" : $"a build that writes format {Name(from)}";
        return $"the upgrade would {string.Join(", ", what)}, and afterwards {writer} {(leavesWayBack ? "could still open it" : "could not open it any more")}";
    }

    private static string Name(int format) => format == Kafka ? "0 (Apache Kafka's)" : format.ToString(CultureInfo.InvariantCulture);
}
