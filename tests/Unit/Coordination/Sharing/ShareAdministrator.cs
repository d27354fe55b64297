using Moldau.Coordination.Groups;
using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>Alters and deletes the offsets of groups, and groups, and tells the share-partitions that another life of them begins.</summary>
internal sealed class ShareAdministrator(SimulatedGroups groups, SimulatedShares shares, SimulatedTopics topics, Random chance, Happenings seen)
{
    public void Do(string group, long now)
    {
        // He would be told so, and nothing would have happened.
        if (groups.Find(group) is { HasMembers: true }) return;
        switch (chance.Next(3))
        {
            case 0 when topics.All is { Count: > 0 } all:
                Alter(group, all[chance.Next(all.Count)], now);
                break;
            case 1 when topics.All is { Count: > 0 } all:
                DeleteOffsets(group, all[chance.Next(all.Count)], now);
                break;
            case 2:
                DeleteGroup(group, now);
                break;
        }
    }

    private void Alter(string group, TopicFacts topic, long now)
    {
        var partition = chance.Next(topic.PartitionCount);
        var end = topics.EndOf(topic.Id, partition);
        var start = chance.NextInt64(end + 1);
        var share = shares.Of(new SharePartitionKey(group, topic.Id, partition));
        var life = Unsettle([share])[0];
        var request = new AlterShareGroupOffsetsRequest { GroupId = group };
        request.Topics.Add(new() { TopicName = topic.Name, Partitions = [new() { PartitionIndex = partition, StartOffset = start }] });
        groups.Alter(now, request, response =>
        {
            var isDone = response.ErrorCode == ErrorCode.None && response.Responses[0].Partitions[0].ErrorCode == ErrorCode.None;
            seen.Note(isDone ? "offsets were altered" : "offsets were altered in vain");
            share.Settle(life, isDone ? start : topics.EndOf(topic.Id, partition));
        });
    }

    private void DeleteOffsets(string group, TopicFacts topic, long now)
    {
        var gone = shares.OfGroup(group).FindAll(share => share.Key.Topic == topic.Id);
        var lives = Unsettle(gone);
        var request = new DeleteShareGroupOffsetsRequest { GroupId = group };
        request.Topics.Add(new() { TopicName = topic.Name });
        groups.DeleteOffsets(now, request, response =>
        {
            var isDone = response.ErrorCode == ErrorCode.None && response.Responses[0].ErrorCode == ErrorCode.None;
            seen.Note(isDone ? "offsets were deleted" : "offsets were deleted in vain");
            Settle(gone, lives, isDone);
        });
    }

    private void DeleteGroup(string group, long now)
    {
        var gone = shares.OfGroup(group);
        var lives = Unsettle(gone);
        foreach (var share in gone) share.Silence();
        groups.Delete(now, group, error =>
        {
            seen.Note(error == ErrorCode.None ? "a group was deleted" : "a group was deleted in vain");
            Settle(gone, lives, error == ErrorCode.None);
        });
    }

    private static int[] Unsettle(List<SimulatedShare> gone)
    {
        foreach (var share in gone)
        {
            share.LetGo();
            share.Unsettle();
        }

        return [.. gone.Select(static share => share.Life)];
    }

    private void Settle(List<SimulatedShare> gone, int[] lives, bool isDone)
    {
        for (var index = 0; index < lives.Length; index++)
        {
            var key = gone[index].Key;
            gone[index].Settle(lives[index], isDone ? 0 : topics.EndOf(key.Topic, key.Partition));
        }
    }
}
