using System.Diagnostics;

namespace Moldau.Client.Telemetry;

/// <summary>What a client does with records, as spans and durations name it: Kafka's word, the convention's type, and the kind of its spans.</summary>
internal sealed record Operation(string Name, string Type, ActivityKind Kind)
{
    public static readonly Operation Send = new("send", "send", ActivityKind.Producer);
    public static readonly Operation Poll = new("poll", "receive", ActivityKind.Client);
    public static readonly Operation Process = new("process", "process", ActivityKind.Consumer);
    public static readonly Operation Commit = new("commit", "settle", ActivityKind.Client);
}
