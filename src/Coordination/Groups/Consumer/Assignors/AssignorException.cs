namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>An assignor could not make an assignment of what it was given.</summary>
internal sealed class AssignorException(string message) : Exception(message);
