using System.Text;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>What a broker does around its logs, from its start to its end: one process' life on a disk.</summary>
internal sealed class SimulatedBroker
{
    public const string Path = "data";

    private SimulatedBroker(LogDisk disk, DataFolder folder, FactStore facts, FolderOpening opening)
    {
        Disk = disk;
        Folder = folder;
        Facts = facts;
        Logs = opening.Logs;
        Notes = opening.Notes;
    }

    public LogDisk Disk { get; }

    public DataFolder Folder { get; }

    public FactStore Facts { get; }

    public IReadOnlyList<OpenedLog> Logs { get; }

    public IReadOnlyList<RecoveryNote> Notes { get; }

    /// <exception cref="DiskException">The disk refused.</exception>
    public static SimulatedBroker Open(IFileSystem files, TimeProvider clock, IReadOnlyList<SimulatedTopic> topics, Random chance, Action<PartitionLog> keepHouse)
    {
        // Few open files and little memory for indexes: what is given up must come back as it was.
        var disk = new LogDisk(files, clock, chance.Next(2) == 0 ? 2 : 1000, chance.Next(2) == 0 ? 100 : 1_000_000);
        var folder = DataFolder.Open(disk, Path, new DataFolderOptions
        {
            NodeId = 1, Owner = "the simulation", Chance = new Random(chance.Next()), Parallelism = 1, HasFlusherThread = false, KeepHouse = keepHouse,
        });
        var facts = FactStore.Open(files, Path, new Random(chance.Next()), new FactStoreOptions { Run = static work => work(), SnapshotAfter = 600 });
        var hosted = new List<HostedLog>();
        for (var i = 0; i < topics.Count; i++) hosted.Add(new HostedLog(new PartitionName(topics[i].Topic, i), new Uuid(1, (ulong)i + 1), topics[i].Settings));
        return new SimulatedBroker(disk, folder, facts, folder.OpenLogs(hosted));
    }

    /// <summary>The leader epoch a log is written with, durable before it is used; null where it could not be written down.</summary>
    public int? Lead(PartitionLog log, bool isElected)
    {
        var known = Facts.Read().Find(log.Name) is { } entry ? int.Parse(Encoding.UTF8.GetString(entry.Value.Span)) : 0;
        var epoch = Math.Max(known, log.LowestEpoch) + (isElected ? 1 : 0);
        if (epoch == known) return epoch;
        var applied = Facts.ApplyAsync(new FactTransaction([], [FactOperation.Put(log.Name, Encoding.UTF8.GetBytes($"{epoch}"))]));
        return applied.IsCompletedSuccessfully && applied.Result is FactOutcome.Applied ? epoch : null;
    }

    /// <returns>Whether it was an orderly stop.</returns>
    public bool Close()
    {
        _ = Facts.DisposeAsync().AsTask();
        return Folder.Close(1).WasInOrder;
    }
}
