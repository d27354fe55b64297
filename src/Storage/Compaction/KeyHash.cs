namespace Moldau.Storage.Compaction;

/// <summary>What a key is remembered by: 128 bits in place of its bytes.</summary>
internal readonly record struct KeyHash(ulong First, ulong Second);
