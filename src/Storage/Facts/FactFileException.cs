namespace Moldau.Storage.Facts;

/// <summary>A store's file, or an export, that cannot be read. Nothing was touched.</summary>
public sealed class FactFileException(FactFileFault fault, string path, long offset, string reason)
    : Exception($"{path} at byte {offset}: {reason}")
{
    public FactFileFault Fault { get; } = fault;

    public string Path { get; } = path;

    public long Offset { get; } = offset;
}
