namespace Moldau.Coordination.Groups.Streams.Assigning;

/// <summary>A member as the assignor sees it.</summary>
/// <param name="Process">The state of one process is shared by its members.</param>
/// <param name="Last">What it was to run so far.</param>
internal sealed record TaskMember(string Id, string Process, MemberTasks Last);
