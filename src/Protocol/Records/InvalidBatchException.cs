namespace Moldau.Protocol.Records;

/// <summary>Bytes that are not a sound record batch.</summary>
public sealed class InvalidBatchException : Exception
{
    public InvalidBatchException(BatchFault fault, string problem, Exception? inner = null)
        : base($"record batch: {problem}", inner) => Fault = fault;

    public InvalidBatchException(BatchFault fault, int recordIndex, string problem)
        : base($"record batch: record {recordIndex}: {problem}")
    {
        Fault = fault;
        RecordIndex = recordIndex;
    }

    public BatchFault Fault { get; }

    /// <summary>Which record, counted from 0; -1 where the batch as a whole is meant.</summary>
    public int RecordIndex { get; } = -1;
}
