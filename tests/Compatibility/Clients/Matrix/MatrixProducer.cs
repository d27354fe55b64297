using Moldau.Compatibility.Records;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>A client that makes a topic and writes to it, with each codec in turn.</summary>
internal abstract class MatrixProducer(string name, int records)
{
    public string Name => name;

    public string Topic => "of-" + name;

    /// <summary>How many it writes with each codec.</summary>
    public int Records => records;

    /// <summary>Whether it cannot be told a record's time and takes the present one.</summary>
    public virtual bool TakesPresentTime => false;

    /// <summary>Whether the machine has it, where that is not for granted.</summary>
    public virtual bool IsThere { get; init; } = true;

    /// <summary>The record as this client is able to write it.</summary>
    public virtual MatrixRecord Shape(MatrixRecord record, string codec) => record;

    /// <summary>Makes the topic, with one partition, and writes to it.</summary>
    public abstract Task WriteAsync(string address, IReadOnlyList<(string Codec, IReadOnlyList<MatrixRecord> Records)> parts);

    public override string ToString() => name;
}
