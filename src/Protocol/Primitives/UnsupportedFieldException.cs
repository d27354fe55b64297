namespace Moldau.Protocol.Primitives;

/// <summary>A message holds something that the version it is to be written in cannot carry.</summary>
public sealed class UnsupportedFieldException(string field, string problem, short version)
    : Exception($"{field}: {problem}, which version {version} cannot carry")
{
    public string Field { get; } = field;

    public short Version { get; } = version;
}
