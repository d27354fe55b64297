using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Storage.Simulation;
using Xunit;

namespace Moldau.Unit.Client.Faults;

/// <summary>A scenario, once for each phase of one request and each error, many at a time: they mostly wait.</summary>
internal static class PhaseRuns
{
    private const int AtOnce = 64;

    private static readonly ErrorCode[] OfLeaders = [ErrorCode.NotLeaderOrFollower, ErrorCode.FencedLeaderEpoch, ErrorCode.KafkaStorageError];
    private static readonly ErrorCode[] OfCoordinators = [ErrorCode.NotCoordinator, ErrorCode.CoordinatorNotAvailable, ErrorCode.CoordinatorLoadInProgress];

    /// <param name="scenario">Makes one.</param>
    /// <param name="api">Whose requests meet trouble.</param>
    /// <param name="turns">The first, second, ... of them; in short runs the first named alone.</param>
    /// <param name="sparing">What cannot be got over.</param>
    public static async Task RunAsync(Func<Trouble, FaultScenario> scenario, ApiKey api, int[] turns, Func<Trouble, bool>? sparing = null)
    {
        var runs = new List<Func<Task>>();
        foreach (var turn in SeedRun.IsLong ? turns : turns[..1])
        {
            foreach (var trouble in Trouble.All(api, turn, ErrorsOf(api)))
            {
                if (sparing?.Invoke(trouble) != true) runs.Add(() => DoAsync(scenario(trouble), one => one.OvercomeAsync(trouble)));
                if (turn > 1) continue;
                var isClientFirst = api != ApiKey.LeaveGroup && runs.Count % 4 < 2;
                runs.Add(() => DoAsync(scenario(trouble), one => one.CloseAsync(trouble, isClientFirst)));
                if (SeedRun.IsLong && api != ApiKey.LeaveGroup) runs.Add(() => DoAsync(scenario(trouble), one => one.CloseAsync(trouble, !isClientFirst)));
            }
        }

        var failures = new List<string>();
        await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (run, _) =>
        {
            try
            {
                await run();
            }
            catch (InvalidOperationException failure)
            {
                lock (failures) failures.Add(failure.Message);
            }
        });
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private static async Task DoAsync(FaultScenario scenario, Func<FaultScenario, Task> what)
    {
        await using (scenario) await what(scenario);
    }

    /// <summary>Such as a client has to get over.</summary>
    private static ErrorCode[] ErrorsOf(ApiKey api) => api switch
    {
        ApiKey.ApiVersions => [],
        ApiKey.Metadata => [ErrorCode.LeaderNotAvailable],
        ApiKey.Produce => [.. OfLeaders, ErrorCode.NotEnoughReplicas],
        ApiKey.Fetch => [.. OfLeaders, ErrorCode.UnknownLeaderEpoch, ErrorCode.FetchSessionIdNotFound, ErrorCode.InvalidFetchSessionEpoch],
        ApiKey.OffsetForLeaderEpoch => [.. OfLeaders, ErrorCode.UnknownLeaderEpoch],
        ApiKey.ListOffsets => [.. OfLeaders, ErrorCode.OffsetNotAvailable],
        ApiKey.FindCoordinator => [ErrorCode.CoordinatorNotAvailable],
        ApiKey.InitProducerId or ApiKey.AddPartitionsToTxn or ApiKey.AddOffsetsToTxn or ApiKey.EndTxn => [.. OfCoordinators, ErrorCode.ConcurrentTransactions],
        ApiKey.OffsetFetch => [.. OfCoordinators, ErrorCode.UnstableOffsetCommit],
        ApiKey.SyncGroup or ApiKey.Heartbeat => [.. OfCoordinators, ErrorCode.RebalanceInProgress, ErrorCode.UnknownMemberId, ErrorCode.IllegalGeneration],
        ApiKey.OffsetCommit => [.. OfCoordinators, ErrorCode.RebalanceInProgress],
        ApiKey.JoinGroup => [.. OfCoordinators, ErrorCode.UnknownMemberId],
        ApiKey.ConsumerGroupHeartbeat => [.. OfCoordinators, ErrorCode.UnknownMemberId, ErrorCode.FencedMemberEpoch],
        _ => OfCoordinators,
    };
}
