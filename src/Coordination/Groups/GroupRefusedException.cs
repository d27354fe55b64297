using Moldau.Protocol.Errors;

namespace Moldau.Coordination.Groups;

/// <summary>A request is answered with an error, and nothing is written.</summary>
public sealed class GroupRefusedException(ErrorCode code, string message) : Exception(message)
{
    public ErrorCode Code { get; } = code;
}
