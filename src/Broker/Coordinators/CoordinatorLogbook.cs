using Microsoft.Extensions.Logging;

namespace Moldau.Broker.Coordinators;

/// <summary>What there is to say of coordinators; ids 1200 to 1299.</summary>
internal sealed partial class CoordinatorLogbook(ILogger logger)
{
    [LoggerMessage(1200, LogLevel.Information, "coordinator {Shard} loaded: {Records} records in {Milliseconds} ms")]
    public partial void Loaded(string shard, long records, long milliseconds);

    [LoggerMessage(1201, LogLevel.Error, "coordinator {Shard} could not be loaded, and answers nothing: {Reason}")]
    public partial void NotLoaded(string shard, string reason);

    [LoggerMessage(1202, LogLevel.Error, "coordinator {Shard} failed at an event; what it had changed is taken back")]
    public partial void EventFailed(string shard, Exception fault);

    [LoggerMessage(1203, LogLevel.Warning, "coordinator {Shard} could not store what it decided, and took it back: {Reason}")]
    public partial void NotStored(string shard, string? reason);

    [LoggerMessage(1204, LogLevel.Error, "coordinator {Shard} stops: {Reason}")]
    public partial void Stopped(string shard, string reason);

    [LoggerMessage(1205, LogLevel.Debug, "coordinator {Shard} is dropped: {Reason}")]
    public partial void Unloaded(string shard, string reason);
}
