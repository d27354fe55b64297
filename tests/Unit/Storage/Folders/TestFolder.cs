using Moldau.Protocol.Primitives;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Moldau.Unit.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

/// <summary>A data folder on a disk, opened as often as a test wants; the flusher's rounds are run by hand.</summary>
internal sealed class TestFolder(IFileSystem? files = null, string path = TestFolder.Path)
{
    public const string Path = "data";
    public const string Cluster = "cluster-one";
    public const int Node = 1;

    public static readonly Uuid Orders = new(1, 2);
    public static readonly Uuid Payments = new(3, 4);

    private readonly Random _chance = new(7);

    public IFileSystem Files { get; } = files ?? new MemoryFileSystem();

    public MemoryFileSystem Memory => (MemoryFileSystem)Files;

    public ManualClock Clock { get; init; } = new();

    public LogSettings Settings { get; init; } = LogSettings.Default;

    public LogDisk Disk { get; private set; } = null!;

    public DataFolder Folder { get; private set; } = null!;

    public FolderOpening Opened { get; private set; } = null!;

    public DataFolderOptions Options => new()
    {
        ClusterId = Cluster,
        NodeId = Node,
        Owner = "process 4711",
        Chance = _chance,
        Parallelism = 1,
        HasFlusherThread = false,
    };

    public static PartitionName Name(int partition, string topic = "orders") => new(topic, partition);

    public HostedLog Log(int partition) => new(Name(partition), Orders, Settings);

    public HostedLog[] Logs(int count)
    {
        var logs = new HostedLog[count];
        for (var i = 0; i < count; i++) logs[i] = Log(i);
        return logs;
    }

    /// <summary>Takes the folder and leaves its logs alone.</summary>
    public TestFolder Take(DataFolderOptions? options = null)
    {
        Disk = new LogDisk(Files, Clock);
        Folder = DataFolder.Open(Disk, path, options ?? Options);
        return this;
    }

    public TestFolder Open(params HostedLog[] logs)
    {
        Take();
        Opened = Folder.OpenLogs(logs);
        Folder.EpochsRaised();
        return this;
    }

    public PartitionLog Get(int partition) => Folder.Find(Name(partition)) ?? throw new InvalidOperationException($"orders-{partition} is not open");

    public void Append(int partition, params string[] values)
    {
        var log = Get(partition);
        var result = log.Append(TestLog.Batch(Clock.Milliseconds, values), Math.Max(log.LowestEpoch, 0));
        Assert.Equal(AppendOutcome.Appended, result.Outcome);
    }

    public void Flush()
    {
        while (Disk.Flusher.RunRound())
        {
        }
    }

    /// <summary>Lets go as a process does that is killed: what it wrote stays in the page cache.</summary>
    public void Kill() => Folder.Dispose();

    public void Stop() => Assert.Empty(Folder.Close(brokerEpoch: 5).Obstacles);

    public string InFolder(params string[] names) => string.Join('/', [path, .. names]);

    /// <summary>What a checkpoint says of a partition; null where it says nothing.</summary>
    public long? Saved(string checkpoint, int partition)
    {
        foreach (var entry in new OffsetCheckpoint(Files, InFolder(checkpoint)).Read())
        {
            if (entry.Topic == "orders" && entry.Partition == partition) return entry.Offset;
        }

        return null;
    }

    public void Overwrite(string file, string text)
    {
        using var opened = Files.Open(InFolder(file), OpenMode.ExistingOrNew);
        opened.SetLength(0);
        opened.Write(0, System.Text.Encoding.UTF8.GetBytes(text));
    }

    public string Text(string file)
    {
        using var opened = Files.Open(InFolder(file), OpenMode.Existing);
        var bytes = new byte[opened.Length];
        opened.Read(0, bytes);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The values of a partition's records.</summary>
    public List<string> Values(int partition) => LogText.Values(Get(partition));

    public List<string> Names()
    {
        var names = Files.List(path).Select(static entry => entry.Name).ToList();
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public void DeleteTree(string folder)
    {
        foreach (var entry in Files.List(folder))
        {
            if (entry.IsFolder) DeleteTree(folder + "/" + entry.Name);
            else Files.DeleteFile(folder + "/" + entry.Name);
        }

        Files.DeleteFolder(folder);
    }
}
