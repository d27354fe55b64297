namespace Moldau.Client.Connections;

/// <summary>
/// What a connection is for. Kafka answers the requests of one connection one after the other, so whatever came behind a
/// fetch that waits for records would wait with it.
/// </summary>
internal enum ConnectionRole
{
    Requests,
    Fetching,
    Membership,
}
