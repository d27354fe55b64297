using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Groups;
using Moldau.Protocol.Messages;
using Moldau.Testing.Faults;
using Moldau.Unit.Storage.Simulation;
using Xunit;

namespace Moldau.Unit.Client.Histories;

/// <summary>Long random runs of producers and consumers, whose histories have no faults; and clients that are set up to break their word, whose have.</summary>
public class ChaosTests(ITestOutputHelper output)
{
    /// <summary>MOLDAU_CHAOS_SECONDS gives another for each run.</summary>
    private static TimeSpan Time =>
        int.TryParse(Environment.GetEnvironmentVariable("MOLDAU_CHAOS_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
        : SeedRun.IsLong ? TimeSpan.FromMinutes(15) : TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(GroupProtocol.Classic)]
    public async Task Nothing_is_lost_doubled_reordered_or_skipped_whatever_happens(GroupProtocol protocol)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MOLDAU_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"MOLDAU_SEED={seed}");
        await using var chaos = new Chaos(new ChaosOptions { Seed = seed, Time = Time, Protocol = protocol });
        await chaos.RunAsync(TestContext.Current.CancellationToken);
        output.WriteLine($"{chaos.History.Sent.Count} sent, {chaos.History.Sent.Count(static one => one.Ack is not null)} confirmed, {chaos.History.Handled.Count} handled; {string.Join(", ", chaos.Happened.Select(static one => $"{one.Key} {one.Value}"))}");
        Assert.Empty(chaos.History.Faults());
    }

    [Fact]
    public async Task A_producer_that_brokers_do_not_recognise_doubles_what_it_sends_again_and_is_found_out()
    {
        var faults = await FaultsAsync(
            static options => options with { Producing = options.Producing with { IsIdempotent = false } },
            static (_, chaos) => Once(() => chaos.Broker.Faults.Cut(ApiKey.Produce, FaultMoment.BeforeReply)));
        Assert.Contains(faults, static fault => fault.StartsWith("doubled:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_producer_with_many_batches_under_way_and_no_sequences_reorders_and_is_found_out()
    {
        var faults = await FaultsAsync(
            static options => options with { Partitions = 1, Producing = options.Producing with { IsIdempotent = false, BatchesUnderWay = 5, Linger = TimeSpan.Zero, BatchBytes = 200 } },
            static (_, chaos) => Once(() => chaos.Broker.Faults.Fail(ApiKey.Produce, Moldau.Protocol.Errors.ErrorCode.NotLeaderOrFollower)));
        Assert.Contains(faults, static fault => fault.StartsWith("reordered:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Records_that_somebody_removes_are_found_to_be_lost()
    {
        var faults = await FaultsAsync(static options => options, static async (_, chaos) =>
        {
            await using var kafka = chaos.Connect();
            await kafka.Topics.DeleteRecordsAsync(new Dictionary<TopicPartition, long> { [new(Chaos.Topic, 0)] = -1 });
        });
        Assert.Contains(faults, static fault => fault.StartsWith("lost:", StringComparison.Ordinal));
    }

    private static Task Once(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(Func<ChaosOptions, ChaosOptions> change, Func<Random, Chaos, Task> trouble)
    {
        var options = change(new ChaosOptions { Seed = 1, Time = TimeSpan.FromSeconds(2), Consumers = 1, Trouble = trouble });
        await using var chaos = new Chaos(options);
        await chaos.RunAsync(TestContext.Current.CancellationToken);
        return chaos.History.Faults();
    }
}
