using Moldau.Protocol.Primitives;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Folders;

/// <summary>A partition that is to have its log in a data folder.</summary>
/// <param name="Name">Its topic and number.</param>
/// <param name="TopicId">A folder with another one belongs to another topic that had the name before.</param>
/// <param name="Settings">The topic's.</param>
public sealed record HostedLog(PartitionName Name, Uuid TopicId, LogSettings Settings)
{
    internal void EnsureUsable()
    {
        if (!Name.IsValid) throw new ArgumentException($"'{Name}': expected a topic's name of letters, digits, '.', '_' and '-', and a partition's number");
        if (TopicId.IsZero) throw new ArgumentException($"{Name} without its topic's id");
        ArgumentNullException.ThrowIfNull(Settings);
    }
}
