namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>A topic with all that was written to it, in its order.</summary>
internal sealed record WrittenTopic(string Name, IReadOnlyList<MatrixRecord> Records);
