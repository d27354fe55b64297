using Moldau.Protocol.Messages;

namespace Moldau.Broker;

/// <summary>
/// What brokers say to each other about transactions: WriteTxnMarkers to the leaders of partitions, AddPartitionsToTxn to
/// the coordinator of a transactional id, InitProducerId without one to whoever gives out producer ids. On one node all of
/// them are this broker.
/// </summary>
internal interface IPeers
{
    /// <returns>
    /// The response; null where none came. Partitions of markers that are no more are answered with UNKNOWN_TOPIC_ID, those
    /// that are not to be reached now with another error.
    /// </returns>
    Task<IMessage?> AskAsync(IMessage request);
}
