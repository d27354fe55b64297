namespace Moldau.Coordination.Groups.Consumer;

/// <summary>How often a topic is subscribed to.</summary>
/// <param name="ByName">Members that name it.</param>
/// <param name="ByRegex">Expressions that stand for it.</param>
internal readonly record struct SubscriptionCount(int ByName, int ByRegex)
{
    public bool IsNone => ByName <= 0 && ByRegex <= 0;
}
