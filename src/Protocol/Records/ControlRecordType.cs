namespace Moldau.Protocol.Records;

/// <summary>What a control record says. Numbers above <see cref="Commit"/> belong to Raft and never reach a client.</summary>
public enum ControlRecordType : short
{
    Abort = 0,
    Commit = 1,
}
