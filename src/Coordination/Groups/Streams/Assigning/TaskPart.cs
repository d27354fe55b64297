namespace Moldau.Coordination.Groups.Streams.Assigning;

/// <summary>A subtopology as the assignor sees it.</summary>
/// <param name="HasState">Only then its tasks have standby copies.</param>
internal sealed record TaskPart(string Subtopology, int TaskCount, bool HasState);
