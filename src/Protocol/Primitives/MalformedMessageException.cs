namespace Moldau.Protocol.Primitives;

/// <summary>Bytes that are not the message they were said to be.</summary>
public sealed class MalformedMessageException(string field, string problem, int position)
    : Exception($"{field}: {problem} (at byte {position} of the frame)")
{
    /// <summary>The field that was being read, as <c>Message.Struct.Field</c>.</summary>
    public string Field { get; } = field;

    public string Problem { get; } = problem;

    /// <summary>How far the frame had been read.</summary>
    public int Position { get; } = position;
}
