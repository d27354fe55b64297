namespace Moldau.Protocol.Errors;

public enum ErrorCode : short
{
    None = 0,
}
