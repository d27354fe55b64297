using Moldau.Protocol.Errors;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Serving;

namespace Moldau.Unit.Broker.Partitions.Moving;

/// <summary>
/// Lives of a broker with three folders whose partitions are written to and moved about, until the power goes at an
/// operation that the seed decides. Threads are free, so that a seed repeats the plan and not each interleaving.
/// </summary>
internal sealed class MoveSimulation(int seed)
{
    private const string Folders = "/a,/b,/c";
    private const int Partitions = 3;

    private readonly Random _chance = new(seed);
    private readonly int[] _acknowledged = new int[Partitions];
    private readonly int[] _sent = new int[Partitions];

    public List<string> Story { get; } = [];

    public async Task<string?> RunAsync(int lives)
    {
        var disk = new MemoryFileSystem();
        for (var life = 0; life < lives; life++)
        {
            await LiveAsync(disk, isFirst: life == 0);
            disk = disk.AfterCrash(_chance);
            if (await MoveChecker.FaultAsync(disk, Folders, _acknowledged, _sent) is { } fault) return fault;
            await RecountAsync(disk);
        }

        return null;
    }

    /// <summary>What was sent and not acknowledged is there, or not; from now on it counts, and so does what the checker has added.</summary>
    private async Task RecountAsync(MemoryFileSystem disk)
    {
        await using var broker = await TestBroker.StartAsync(disk: disk, settings: MovingClient.Folders(Folders));
        using var client = await broker.ConnectAsync();
        for (var partition = 0; partition < Partitions; partition++)
            _acknowledged[partition] = _sent[partition] = (await MovingClient.ReadAsync(client, "t", partition)).Count;
    }

    private async Task LiveAsync(MemoryFileSystem disk, bool isFirst)
    {
        await using var broker = await TestBroker.StartAsync(disk: disk, settings: MovingClient.Folders(Folders));
        using var client = await broker.ConnectAsync();
        if (isFirst) await MovingClient.CreateAsync(client, "t", Partitions, segmentBytes: _chance.Next(200, 2000));
        disk.StopsAfter = disk.Operations + _chance.Next(1, 600);
        var mover = new Random(_chance.Next());
        var moving = MoveAsync(broker, disk, mover);
        await Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => WriteAsync(broker, partition)));
        Story.Add($"the power went after operation {disk.StopsAfter}; acknowledged {string.Join(", ", _acknowledged)}");
        await moving;
    }

    private async Task WriteAsync(TestBroker broker, int partition)
    {
        using var client = await broker.ConnectAsync();
        while (true)
        {
            _sent[partition] = _acknowledged[partition] + 1;
            if (await MovingClient.ProduceAsync(client, "t", $"{_acknowledged[partition]}", partition) != ErrorCode.None) return;
            _acknowledged[partition]++;
        }
    }

    private async Task MoveAsync(TestBroker broker, MemoryFileSystem disk, Random chance)
    {
        using var client = await broker.ConnectAsync();
        while (disk.Operations < disk.StopsAfter)
        {
            var (partition, target) = (chance.Next(Partitions), Folders.Split(',')[chance.Next(3)]);
            var error = await MovingClient.AlterAsync(client, "t", partition, target);
            lock (Story) Story.Add($"t-{partition} to {target}: {error}, at operation {disk.Operations}");
            if (chance.Next(3) > 0) await Task.Delay(chance.Next(10), CancellationToken.None);
        }
    }
}
