using Moldau.Protocol.Messages;

namespace Moldau.Unit.Client.Connections;

/// <summary>What a scripted broker does with a request.</summary>
internal sealed record ScriptedReply
{
    /// <summary>The answer; none at all where it is null.</summary>
    public IMessage? Message { get; init; }

    /// <summary>The version it is written in, where it is not the request's.</summary>
    public short? Version { get; init; }

    public int CorrelationShift { get; init; }

    /// <summary>How many bytes of the answer leave before the connection is closed.</summary>
    public int? CutAt { get; init; }

    public static ScriptedReply Silence { get; } = new();

    public static ScriptedReply Of(IMessage message) => new() { Message = message };
}
