using System.Diagnostics;

namespace Moldau.Client.Telemetry;

/// <summary>The labels of durations.</summary>
internal static class OperationTags
{
    public static TagList Of(Operation operation, string clientId, string? topic, string? group, string? error)
    {
        var tags = new TagList
        {
            { TelemetryTag.OperationName, operation.Name }, { TelemetryTag.OperationType, operation.Type }, { TelemetryTag.System, TelemetryTag.Kafka }, { TelemetryTag.ClientId, clientId },
        };
        if (topic is not null) tags.Add(TelemetryTag.Topic, topic);
        if (group is not null) tags.Add(TelemetryTag.Group, group);
        if (error is not null) tags.Add(TelemetryTag.ErrorType, error);
        return tags;
    }
}
