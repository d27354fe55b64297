namespace Moldau.Protocol.Primitives;

/// <summary>A version of a message that is not served.</summary>
public sealed class UnsupportedMessageVersionException(string message, short version, short lowest, short highest)
    : Exception($"{message} has no version {version}; versions {lowest} to {highest} are served")
{
    public string MessageName { get; } = message;

    public short Version { get; } = version;
}
