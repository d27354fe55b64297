using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>What an assignor is told of a member.</summary>
/// <param name="InstanceId">Null for a dynamic member.</param>
/// <param name="Topics">Those it subscribes to and that exist.</param>
/// <param name="Assignment">What it was to own so far.</param>
internal sealed record AssignorMember(string Id, string? InstanceId, IReadOnlySet<Uuid> Topics, Assignment Assignment);
