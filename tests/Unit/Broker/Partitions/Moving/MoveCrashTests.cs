using System.Globalization;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Serving;
using Moldau.Unit.Storage.Simulation;
using Xunit;

namespace Moldau.Unit.Broker.Partitions.Moving;

/// <summary>The power goes at some operation of the disk while a log moves.</summary>
public class MoveCrashTests
{
    private const int Records = 12;

    /// <summary>One move, cut at each of its operations; what chance decides is what of the unflushed has reached the disk.</summary>
    [Fact]
    public async Task At_every_operation_of_a_move_one_whole_log_is_found()
    {
        var first = FirstSeed();
        var every = SeedRun.IsLong ? 1 : 3;
        var ends = 0;
        for (var cut = first % every; ends == 0; cut += every)
        {
            var chance = new Random(first + (int)cut);
            var disk = new MemoryFileSystem();
            var (acknowledged, hasMoved) = await MoveOnceAsync(disk, disk, cut);
            if (hasMoved) ends++;
            var fault = await MoveChecker.FaultAsync(disk.AfterCrash(chance), "/a,/b", [acknowledged], [Records]);
            Assert.True(fault is null, $"MOLDAU_SEED={first}, cut after operation {cut} of the move: {fault}");
        }
    }

    /// <summary>Several partitions, three folders, moves that replace each other, and records all the while; the same disk through several lives.</summary>
    [Fact]
    public async Task Whatever_moves_when_the_power_goes_nothing_acknowledged_is_lost_doubled_or_out_of_order()
    {
        var first = FirstSeed();
        for (var seed = first; seed < first + (SeedRun.IsLong ? 1000 : 20); seed++)
        {
            var simulation = new MoveSimulation(seed);
            var fault = await simulation.RunAsync(lives: 3);
            Assert.True(fault is null, $"MOLDAU_SEED={seed}: {fault}\n{string.Join('\n', simulation.Story)}");
        }
    }

    /// <summary>The checker is worth something: a copy that is not on disk when it takes the log's place is noticed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_that_takes_the_logs_place_before_it_is_flushed_is_noticed(bool isHasty)
    {
        var disk = new MemoryFileSystem();
        // Its source is gone, and nothing else has been flushed since.
        disk.Fault = (operation, path) =>
        {
            if (operation == DiskOperation.Delete && path == "/b/t-0/moldau-moving") disk.StopsAfter = disk.Operations;
            return null;
        };
        var (acknowledged, _) = await MoveOnceAsync(disk, isHasty ? new HastyDisk(disk, "/b") : disk, long.MaxValue);
        Assert.InRange(acknowledged, Records / 2, Records);
        var faults = new List<string>();
        for (var seed = 0; seed < 10; seed++)
        {
            if (await MoveChecker.FaultAsync(disk.AfterCrash(new Random(seed)), "/a,/b", [acknowledged], [Records]) is { } fault) faults.Add(fault);
        }

        if (isHasty) Assert.NotEmpty(faults);
        else Assert.Empty(faults);
    }

    /// <returns>How many were acknowledged, and whether the move came to its end before the power went.</returns>
    private static async Task<(int Acknowledged, bool HasMoved)> MoveOnceAsync(MemoryFileSystem memory, IFileSystem disk, long cut)
    {
        var acknowledged = 0;
        await using var broker = await TestBroker.StartAsync(disk: disk, settings: MovingClient.Folders());
        using var client = await broker.ConnectAsync();
        await MovingClient.CreateAsync(client, "t", segmentBytes: 300);
        for (; acknowledged < Records / 2; acknowledged++) Assert.Equal(ErrorCode.None, await MovingClient.ProduceAsync(client, "t", $"{acknowledged}"));
        if (cut < long.MaxValue) memory.StopsAfter = memory.Operations + cut;
        Assert.Equal(ErrorCode.None, await MovingClient.AlterAsync(client, "t", 0, "/b"));
        for (; acknowledged < Records && await MovingClient.ProduceAsync(client, "t", $"{acknowledged}") == ErrorCode.None; acknowledged++)
        {
        }

        var moves = broker.Server.Moves;
        var partition = broker.Server.Topics.Find("t")!.Find(0)!;
        await ConnectionTests.UntilAsync(() => moves.Find(partition) is null, "the move to end, one way or the other");
        return (acknowledged, memory.Operations < memory.StopsAfter);
    }

    private static int FirstSeed()
    {
        var given = Environment.GetEnvironmentVariable("MOLDAU_SEED");
        var first = given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next(1_000_000_000);
        TestContext.Current.TestOutputHelper!.WriteLine($"MOLDAU_SEED={first}");
        return first;
    }
}
