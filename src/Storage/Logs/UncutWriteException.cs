using Moldau.Storage.Files;

namespace Moldau.Storage.Logs;

/// <summary>A write failed, and what it left behind the last batch could not be cut off either.</summary>
internal sealed class UncutWriteException(DiskException write, DiskException cut)
    : IOException($"{write.Message}; what was written of it could not be cut off: {cut.Message}", write);
