using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Client.Faults;

/// <summary>Every request of producers without and with transactions meets trouble in every phase; and they are closed in each.</summary>
public class ProducerPhaseTests
{
    [Theory(Timeout = 120_000)]
    [InlineData(ApiKey.ApiVersions, 1, 2)]
    [InlineData(ApiKey.Metadata, 1)]
    [InlineData(ApiKey.InitProducerId, 1)]
    [InlineData(ApiKey.Produce, 1, 2, 4)]
    public Task A_producer_delivers_once_and_in_order(ApiKey api, params int[] turns) => PhaseRuns.RunAsync(static _ => new ProducerScenario(), api, turns);

    /// <summary>
    /// An InitProducerId that is worked on when its sender has asked again already fences him, as with every client: the protocol gives the
    /// coordinator nothing to tell the two apart by.
    /// </summary>
    [Theory(Timeout = 120_000)]
    [InlineData(ApiKey.FindCoordinator, 1, 2)]
    [InlineData(ApiKey.InitProducerId, 1)]
    [InlineData(ApiKey.Produce, 1, 2)]
    [InlineData(ApiKey.TxnOffsetCommit, 1, 2)]
    [InlineData(ApiKey.EndTxn, 1, 2)]
    public Task A_transaction_is_there_whole_or_not_at_all(ApiKey api, params int[] turns) =>
        PhaseRuns.RunAsync(static _ => new TransactionScenario(null), api, turns, static trouble => trouble is { Api: ApiKey.InitProducerId, Kind: TroubleKind.LateBefore });

    /// <summary>
    /// Before KIP-890 an EndTxn that is worked on when its sender has asked again already ends his next transaction, whose epoch is the same: that is
    /// what transaction version 2 was made for.
    /// </summary>
    [Theory(Timeout = 120_000)]
    [InlineData(ApiKey.AddPartitionsToTxn, 1, 2)]
    [InlineData(ApiKey.AddOffsetsToTxn, 1, 2)]
    [InlineData(ApiKey.TxnOffsetCommit, 1, 2)]
    [InlineData(ApiKey.EndTxn, 1, 2)]
    public Task A_transaction_of_an_older_release_is_there_whole_or_not_at_all(ApiKey api, params int[] turns) =>
        PhaseRuns.RunAsync(static _ => new TransactionScenario("3.9"), api, turns, static trouble => trouble is { Api: ApiKey.EndTxn, Kind: TroubleKind.LateBefore });
}
