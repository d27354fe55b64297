using Moldau.Protocol.Messages;

namespace Moldau.Broker;

/// <summary>
/// What brokers say to each other. About transactions: WriteTxnMarkers to the leaders of partitions, AddPartitionsToTxn to
/// the coordinator of a transactional id, InitProducerId without one to whoever gives out producer ids. About share groups:
/// InitializeShareGroupState, ReadShareGroupState, WriteShareGroupState, DeleteShareGroupState and ReadShareGroupStateSummary to
/// the share coordinators of the partitions they name. On one node all of them are this broker.
/// </summary>
internal interface IPeers
{
    /// <returns>
    /// The response; null where none came. Partitions of markers that are no more are answered with UNKNOWN_TOPIC_ID, those
    /// that are not to be reached now with another error. A request about share groups has a result for each partition it names,
    /// whoever was asked for it; COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS and NOT_COORDINATOR say: later. A DeleteShareGroupState
    /// that is answered so, or not at all, is not done any more, and it overtakes no InitializeShareGroupState: nothing in it would tell that it is late.
    /// </returns>
    Task<IMessage?> AskAsync(IMessage request);
}
