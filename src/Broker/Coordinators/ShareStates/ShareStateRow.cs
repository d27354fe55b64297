using Moldau.Coordination.Shards;
using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Coordinators.ShareStates;

/// <summary>What a request asks of one share-partition.</summary>
/// <param name="Event">Fills the partition's row in the answer.</param>
/// <param name="Failed">Puts an error in that place.</param>
internal readonly record struct ShareStateRow(SharePartitionKey Key, Action<ShareStateMachine, Outcome> Event, Action<ErrorCode, string?> Failed);
