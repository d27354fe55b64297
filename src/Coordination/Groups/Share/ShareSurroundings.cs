using Moldau.Coordination.Shards;

namespace Moldau.Coordination.Groups.Share;

/// <summary>What share groups ask the node they live on, and their way to share coordinators.</summary>
/// <param name="Rules">Of a group.</param>
/// <param name="Topics">As known now.</param>
/// <param name="Deliver">Takes requests there; the answers come back as events, by <see cref="PeerRequest.Answered"/>.</param>
public sealed record ShareSurroundings(Func<string, ShareRules> Rules, Func<ITopicDirectory> Topics, Action<PeerRequest> Deliver)
{
    /// <summary>Nobody is there, and nobody answers.</summary>
    public static ShareSurroundings Default { get; } = new(static _ => new ShareRules(), static () => NoTopics.Instance, static _ => { });
}
