namespace Moldau.Fuzz.Engine;

/// <summary>A reader of bytes from strangers, and what it may do with them.</summary>
internal abstract class FuzzTarget
{
    /// <summary>Also the folder of its regression inputs.</summary>
    public abstract string Name { get; }

    /// <summary>Sound inputs to start from; what is random about them comes from the number given.</summary>
    public abstract IEnumerable<byte[]> Seeds(int seed);

    /// <summary>Reads one input. What it throws must be documented, what it allocates is measured.</summary>
    public abstract void Read(byte[] input);

    public abstract bool IsDocumented(Exception exception);

    /// <summary>The most that reading so many bytes may allocate.</summary>
    public abstract long AllowedAllocation(int inputLength);

    /// <summary>What else must hold, given how the read went; not measured, and nothing may be thrown.</summary>
    /// <returns>What does not hold, or null.</returns>
    public virtual string? Contradiction(byte[] input, Exception? refusal) => null;

    /// <summary>How far the reader came. An input that brings a new answer is one to go on from.</summary>
    public virtual string Reached(Exception? refusal) => refusal is null ? "read" : refusal.Message;
}
