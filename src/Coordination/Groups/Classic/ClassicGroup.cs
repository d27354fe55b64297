using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>A classic group.</summary>
public sealed class ClassicGroup(string name) : Group(name)
{
    public override GroupKind Kind => GroupKind.Classic;

    public override string State => "Empty";

    public override string ProtocolType => "";

    public override bool HasMembers => false;

    public override ErrorCode CheckCommit(in OffsetCaller caller, Outcome outcome) => ErrorCode.None;

    public override ErrorCode CheckFetch(in OffsetCaller caller) => ErrorCode.None;

    public override bool IsSubscribedTo(string topic) => false;

    public override ErrorCode CheckOffsetDelete() => ErrorCode.None;

    public override long? RetentionStart(string topic, long committed) => committed;

    public override void Forget(Outcome outcome) => outcome.Append(new GroupMetadataKey { Group = Name }, null);
}
