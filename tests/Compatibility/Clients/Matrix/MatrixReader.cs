namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>A client that reads partition 0 of topics from their starts, and what it must tell of records.</summary>
internal abstract class MatrixReader
{
    /// <summary>What it says of each topic, in the order of the topics.</summary>
    public abstract Task<IReadOnlyList<byte[]>> ReadAsync(string address, IReadOnlyList<WrittenTopic> topics);

    /// <summary>What it must say where these are the records of the topic.</summary>
    public virtual byte[] Expected(IReadOnlyList<MatrixRecord> records) => MatrixRecord.Lines(records);
}
