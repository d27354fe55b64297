namespace Moldau.Protocol.Primitives;

/// <summary>A gap in written bytes: <paramref name="Length"/> bytes of <paramref name="Source"/> belong before the byte at <paramref name="Position"/>.</summary>
public readonly record struct Splice(int Position, object Source, int Length);
