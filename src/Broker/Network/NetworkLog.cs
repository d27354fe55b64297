using Microsoft.Extensions.Logging;

namespace Moldau.Broker.Network;

/// <summary>What there is to say of connections; ids 1000 to 1099.</summary>
internal sealed partial class NetworkLog(ILogger logger)
{
    [LoggerMessage(1000, LogLevel.Information, "listening on {Address} as {Listener}")]
    public partial void Listening(string address, string listener);

    [LoggerMessage(1001, LogLevel.Information, "connection from {Remote} ({Software} {Version}) closed: {Reason}")]
    public partial void ConnectionClosed(string remote, string software, string version, string reason);

    [LoggerMessage(1013, LogLevel.Information, "connection from {Remote} ({Software} {Version}) closed: {Reason}; and {Left} more were not told of")]
    public partial void ConnectionsClosed(string remote, string software, string version, string reason, long left);

    [LoggerMessage(1014, LogLevel.Information, "{Remote} was not authenticated by {Mechanism} at listener {Listener}: {Reason}; and {Left} more were not told of")]
    public partial void AuthenticationsFailed(string remote, string listener, string mechanism, string reason, long left);

    [LoggerMessage(1002, LogLevel.Warning, "connection from {Remote} refused: {Reason}")]
    public partial void ConnectionRefused(string remote, string reason);

    [LoggerMessage(1003, LogLevel.Error, "{Api} version {Version} from {Remote} (client {Client}) failed")]
    public partial void RequestFailed(string api, short version, string remote, string client, Exception fault);

    [LoggerMessage(1015, LogLevel.Error, "the records of share group {Group} could not be served")]
    public partial void SharingFailed(string group, Exception fault);

    [LoggerMessage(1016, LogLevel.Error, "offset {Offset} of {Partition}, and {More} records more, which share group {Group} gave up, could not be copied into {Topic}: {Reason}; tried again in {Seconds} s")]
    public partial void DeadLettersFailed(string group, string partition, long offset, long more, string topic, string reason, long seconds);

    [LoggerMessage(1017, LogLevel.Warning, "offset {Offset} of {Partition}, and {More} records more, which share group {Group} gave up, are not copied: the group has no errors.deadletterqueue.topic.name any more")]
    public partial void DeadLettersLetGo(string group, string partition, long offset, long more);

    [LoggerMessage(1004, LogLevel.Error, "the reply to {Api} version {Version} from {Remote} could not be written")]
    public partial void ReplyFailed(string api, short version, string remote, Exception fault);

    [LoggerMessage(1005, LogLevel.Error, "a connection could not be accepted on {Address}; it goes on")]
    public partial void AcceptFailed(string address, Exception fault);

    [LoggerMessage(1007, LogLevel.Warning, "TLS with {Remote} on {Listener} came to nothing: {Reason}")]
    public partial void HandshakeFailed(string remote, string listener, string reason);

    [LoggerMessage(1008, LogLevel.Warning, "TLS with {Remote} on {Listener} came to nothing: {Reason}; and {Left} more were not told of")]
    public partial void HandshakesFailed(string remote, string listener, string reason, long left);

    [LoggerMessage(1009, LogLevel.Information, "listener {Listener} shows another certificate from now on: {Subject}")]
    public partial void CertificatesRead(string listener, string subject);

    [LoggerMessage(1010, LogLevel.Error, "listener {Listener} keeps the certificates it has, for what is there now cannot be used: {Reason}")]
    public partial void CertificatesKept(string listener, string reason);

    [LoggerMessage(1011, LogLevel.Warning, "connection from {Remote} refused: {Reason}; and {Left} more were not told of")]
    public partial void ConnectionsRefused(string remote, string reason, long left);
    [LoggerMessage(1012, LogLevel.Information, "{Remote} was not authenticated by {Mechanism} at listener {Listener}: {Reason}")]
    public partial void AuthenticationFailed(string remote, string listener, string mechanism, string reason);

    [LoggerMessage(1006, LogLevel.Error, "a connection from {Remote} failed")]
    public partial void ConnectionFailed(string remote, Exception fault);
}
