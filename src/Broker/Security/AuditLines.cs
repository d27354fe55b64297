using Microsoft.Extensions.Logging;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Security;

/// <summary>The lines of Moldau.Audit; ids 1400 to 1409.</summary>
internal static partial class AuditLines
{
    [LoggerMessage(1400, LogLevel.Warning, "denied: {Principal} at {Address} may not {Operation} {Resource} {Name} ({Api})")]
    public static partial void Denied(ILogger logger, string principal, string address, AclOperation operation, AclResource resource, string name, ApiKey api);

    [LoggerMessage(1401, LogLevel.Warning, "denied: {Count} more within a second, which are not listed")]
    public static partial void LeftOut(ILogger logger, int count);

    [LoggerMessage(1402, LogLevel.Information, "{Principal} at {Address} {What} {Kind} {Name}")]
    public static partial void Changed(ILogger logger, string principal, string address, string what, string kind, string name);
}
