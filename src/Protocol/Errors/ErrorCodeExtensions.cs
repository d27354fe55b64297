namespace Moldau.Protocol.Errors;

/// <summary>The columns of <see cref="ErrorTable"/>, asked of a code itself.</summary>
public static class ErrorCodeExtensions
{
    public static string Name(this ErrorCode code) => ErrorTable.Get(code).Name;

    public static bool IsRetriable(this ErrorCode code) => ErrorTable.IsKnown(code) && ErrorTable.Get(code).IsRetriable;

    public static string Message(this ErrorCode code) => ErrorTable.Get(code).Message;
}
