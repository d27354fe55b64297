namespace Moldau.Storage.Files;

/// <summary>The disk refused or failed an operation.</summary>
public sealed class DiskException(DiskFault fault, string operation, string path, string reason, Exception? inner = null)
    : IOException($"{operation} {path}: {reason}", inner)
{
    public DiskFault Fault { get; } = fault;

    public string Path { get; } = path;
}
